/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_PARENT_CAPABILITY_H
#define GENODE_API_PARENT_CAPABILITY_H

#include <base/capability.h>

namespace Genode { struct Parent; typedef Capability<Parent> Parent_capability; }

#endif
