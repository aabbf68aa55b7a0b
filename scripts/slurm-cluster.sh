#!/usr/bin/env bash
# A Slurm cluster of this machine alone, for tests: `slurm-cluster.sh up DIR` prints the line to export SLURM_CONF by,
# `slurm-cluster.sh down DIR` ends it. Needs root and Debian's packages slurm-wlm and munge.
set -euo pipefail
action=${1:?expected up or down}
dir=${2:?expected a folder}
conf=$dir/slurm.conf

up() {
  mkdir -p "$dir"/{state,spool,log} /run/munge /var/log/munge
  chown munge: /run/munge /var/log/munge
  if ! munge -n >/dev/null 2>&1; then
    runuser -u munge -- munged
    touch "$dir/munge-is-ours"
  fi
  # A requeued job waits as long as its old credential is valid: two minutes unless it is told otherwise.
  cat >"$conf" <<CONF
ClusterName=sweepline
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$((20000 + $$ % 20000))
SlurmdPort=$((40001 + $$ % 20000))
SlurmUser=root
AuthType=auth/munge
AuthInfo=cred_expire=2
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
KillWait=15
MpiDefault=none
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(($(awk '/MemTotal/{print $2}' /proc/meminfo) / 1024 * 9 / 10)) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  export SLURM_CONF=$conf
  slurmctld >&2
  slurmd >&2
  for _ in $(seq 120); do
    if sinfo --noheader --format=%T 2>/dev/null | grep -q idle; then
      echo "export SLURM_CONF=$conf"
      return
    fi
    sleep 0.25
  done
  echo 'the node did not become idle:' >&2
  tail -n 20 "$dir"/log/*.log >&2
  down
  return 1
}

down() {
  # Jobs first: daemons that are told to shut down leave them running.
  SLURM_CONF=$conf scancel --user=root >/dev/null 2>&1 || true
  for _ in $(seq 80); do
    [ -z "$(SLURM_CONF=$conf squeue --noheader 2>/dev/null)" ] && break
    sleep 0.25
  done
  SLURM_CONF=$conf scontrol shutdown >/dev/null 2>&1 || true
  for pid in $(cat "$dir"/slurmctld.pid "$dir"/slurmd.pid 2>/dev/null); do
    for _ in $(seq 40); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.25
    done
    kill -9 "$pid" 2>/dev/null || true
  done
  if [ -e "$dir/munge-is-ours" ]; then
    kill "$(cat /run/munge/munged.pid)" 2>/dev/null || true
    rm -f "$dir/munge-is-ours"
  fi
}

case $action in
up) up ;;
down) down ;;
*)
  echo "expected up or down, found $action" >&2
  exit 2
  ;;
esac
