#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Run a program under an LTTng session of its own: flight recorder, oldest
# records overwritten, as the capability log does. Nothing of it is kept.
#
#   run.sh PROGRAM [ROUNDS]
set -e
command -v lttng >/dev/null && command -v lttng-sessiond >/dev/null || exit 3
home=$(mktemp -d)
export LTTNG_HOME="$home" LTTNG_RUNDIR="$home/run"
exec 2>/dev/null
lttng-sessiond --no-kernel >/dev/null &
daemon=$!
trap 'lttng destroy caplog-bench >/dev/null || true; kill $daemon; wait $daemon || true
      rm -rf "$home"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
	lttng create caplog-bench --snapshot --output "$home/out" >/dev/null && break
	sleep 0.2
done
lttng enable-channel -u --overwrite --subbuf-size=64k --num-subbuf=4 ring >/dev/null
lttng enable-event -u -c ring 'caplog_bench:append' >/dev/null
lttng start >/dev/null
"$@"
