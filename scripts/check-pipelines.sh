#!/usr/bin/env bash
# What action.yml does with pipelines: validate them, plan them, run some for a few batches. Reads PIPELINES, SMOKE (shell
# patterns), SETTINGS (path=value lines) and SWEEPLINE_BASE (a commit to compare plans with) from the environment.
set -uo pipefail
shopt -s nullglob

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=${RUNNER_TEMP:-$(mktemp -d)}/sweepline
summary=${GITHUB_STEP_SUMMARY:-/dev/null}
outputs=${GITHUB_OUTPUT:-/dev/null}
mkdir -p "$work/junit"
plan=$work/plan.md
: > "$plan"
status=0

sweep() { node "$here/bin/sweep.js" "$@"; }
report() { node "$here/bin/report.js" "$@"; }

# The patterns are meant to be split and expanded.
# shellcheck disable=SC2206
pipelines=(${PIPELINES:-pipelines/*.yaml})
# shellcheck disable=SC2206
smoke=(${SMOKE:-})
settings=()
while IFS= read -r line; do
  [ -n "$line" ] && settings+=(--set "$line")
done <<< "${SETTINGS:-}"

if [ ${#pipelines[@]} = 0 ]; then
  echo "::error::no pipeline matches ${PIPELINES:-pipelines/*.yaml}"
  exit 2
fi

sweep validate --format github "${pipelines[@]}" || status=2

for file in "${pipelines[@]}"; do
  printf '## %s\n\n' "$file" >> "$plan"
  against=()
  if [ -n "${SWEEPLINE_BASE:-}" ] && git cat-file -e "$SWEEPLINE_BASE:./$file" 2> /dev/null; then
    against=(--diff "$SWEEPLINE_BASE")
  fi
  if ! sweep plan "$file" --yes --format markdown "${against[@]}" >> "$plan" 2> "$work/errors"; then
    printf 'It cannot be planned:\n\n```text\n%s\n```\n' "$(cat "$work/errors")" >> "$plan"
    status=2
  fi
  printf '\n' >> "$plan"
done
cat "$plan" >> "$summary"
# A comment may have 65,536 characters.
if [ "$(wc -c < "$plan")" -gt 60000 ]; then
  head -c 60000 "$plan" > "$plan.cut" && printf '\n\n… (cut: see the summary of the job)\n' >> "$plan.cut" && mv "$plan.cut" "$plan"
fi
printf 'plan=%s\njunit=%s\n' "$plan" "$work/junit" >> "$outputs"

for file in "${smoke[@]}"; do
  echo "::group::smoke run of $file"
  sweep run "$file" --smoke --no-report --no-reuse --yes --runs "$work/runs" "${settings[@]}"
  code=$?
  echo '::endgroup::'
  if [ $code != 0 ]; then
    echo "::error file=$file::the smoke run ended with exit code $code"
    status=1
  fi
  # A pipeline that did not get as far as a run has no report.
  if [ $code -le 1 ]; then
    report latest --runs "$work/runs/smoke" --format junit --output "$work/junit/$(basename "${file%.*}").xml"
    report latest --runs "$work/runs/smoke" --format github
  fi
done
exit $status
