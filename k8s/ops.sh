#!/bin/sh
# The operator's command in the cluster, in a pod of its own: sh k8s/ops.sh status
# The pod is made by the pattern of the suspended CronJob `operator` (`operator-backups` for `backup ...`), ends with the
# command, and is removed with its job.
# The exit code is the command's. NAMESPACE names another namespace.
set -eu
[ $# -gt 0 ] || set -- --help
namespace=${NAMESPACE:-truc-chung}
if [ "$1 ${2-}" = "backup write" ]; then # it would come as far as the first byte
  echo "Ở đây kho sao lưu chỉ để đọc. Sao lưu ngay bằng · The volume of backups can only be read from here. Write one now by:
  kubectl -n $namespace create job --from=cronjob/backup backup-now" >&2
  exit 2
fi
pattern=operator
[ "$1" != backup ] || pattern=operator-backups
job=operator-$(date +%Y%m%d%H%M%S)-$$

words=$(printf '%s\n' "$@" | sed 's/[\\"]/\\&/g; s/.*/"&"/' | paste -sd, -)
made=$(kubectl -n "$namespace" create job "$job" --from="cronjob/$pattern" --dry-run=client -o json)
made=$(printf '%s' "$made" | kubectl patch --local -f - --type json -o json \
  -p "[{\"op\": \"replace\", \"path\": \"/spec/template/spec/containers/0/args\", \"value\": [$words]}]")

trap 'kubectl -n "$namespace" delete job "$job" --wait=false >/dev/null' EXIT
trap 'exit 130' INT TERM
printf '%s' "$made" | kubectl -n "$namespace" create -f - >/dev/null
kubectl -n "$namespace" logs --follow --pod-running-timeout=5m "job/$job"
ended='{.status.containerStatuses[0].state.terminated'
kubectl -n "$namespace" wait pod -l "job-name=$job" --for=jsonpath="$ended.exitCode}" --timeout=1m >/dev/null
exit "$(kubectl -n "$namespace" get pod -l "job-name=$job" -o jsonpath="{.items[0]${ended#\{}.exitCode}")"
