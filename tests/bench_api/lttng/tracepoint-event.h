/* SPDX-License-Identifier: BSD-2-Clause */
/* LTTng-UST reads the events a second time here; see README */
