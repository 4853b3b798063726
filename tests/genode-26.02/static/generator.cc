/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ld.lib.so says otherwise: in which syntax programs write their reports
 */
#include <base/node.h>

bool Genode::Generator::_generate_xml() { return false; }
