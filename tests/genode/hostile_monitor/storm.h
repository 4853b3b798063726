/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Attacks by two threads at a time, while checkpoints are tried
 */
#ifndef HOSTILE_MONITOR_STORM_H
#define HOSTILE_MONITOR_STORM_H

/* All of them, one after the other */
void storms();

#endif
