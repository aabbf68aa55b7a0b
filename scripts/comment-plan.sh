#!/usr/bin/env bash
# What action.yml does last: says the plan in the file PLAN on the pull request PULL_REQUEST of GITHUB_REPOSITORY, in the
# comment that an earlier run for the same PIPELINES left there, else in a new one.
set -euo pipefail

mark="<!-- sweepline plan $(printf %s "${PIPELINES:-}" | cksum | cut -d ' ' -f 1) -->"
body=$PLAN.comment
{ printf '%s\n' "$mark"; cat "$PLAN"; } > "$body"
comments=repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments
# Written whole before it is cut, so that the client is not stopped in the middle of a page.
own=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$mark\")) | .id")
own=${own%%$'\n'*}
if [ -n "$own" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$own" --field body=@"$body"
else
  gh api --silent --method POST "$comments" --field body=@"$body"
fi
