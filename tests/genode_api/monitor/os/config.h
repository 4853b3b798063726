/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_MONITOR_OS_CONFIG_H
#define GENODE_API_MONITOR_OS_CONFIG_H

#include <util/xml_node.h>

namespace Genode {

	struct Config { Xml_node xml_node(); };

	Config *config();
}

#endif
