#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run/differ.sh BUILD_DIR [script...]: run/caplog_differ.run for each of Genode's
# scripts that the monitor can take, or for those that are named, and a table of the
# results; it fails if one is not equal
#
#   SEEDS="1 2 3"   each script is run below init once, and with each seed
#   OUT=differ      directory for what the scripts print, and for the table
#   RUN_SKIP=...    passed to make, as are all variables that caplog_differ.run names
#
# Genode's programs are expected in BUILD_DIR/bin: run each script once before, or
# let caplog_differ.run build them.
#
set -u
[ $# -gt 0 ] || { sed -n '4,14s/^# \{0,1\}//p' "$0"; exit 2; }

scripts="blk blk_cache clipboard config_args dyn dynamic_config dynamic_config_slave fpu new_delete nic_loopback
printf report_rom resource_request resource_yield rm_fault rm_nested rom_blk rom_filter signal sub_rm
synced_interface terminal_crosslink thread thread_join timed_semaphore timer util_mmio volatile_object weak_ptr
xml_generator xml_node"
only_x86="mp_server rtc vfs_stress_ram"
only_arm="slab"

build=$1; shift
out=${OUT:-differ}
mkdir -p "$out"
if [ $# = 0 ]; then
	grep -q pbxa9 "$build/etc/specs.conf" && set -- $scripts $only_arm || set -- $scripts $only_x86
fi

for script; do
	CAPLOG_SCRIPT=$script CAPLOG_SEED=${SEEDS:-1 2 3} \
		make -C "$build" run/caplog_differ ${RUN_SKIP:+RUN_SKIP="$RUN_SKIP"} </dev/null >"$out/$script.log" 2>&1
	grep -a '^differ: ' "$out/$script.log" || echo "differ: $script: no result, see $out/$script.log"
done | tee "$out/table"

! grep -v ' equal$' "$out/table" >/dev/null
