/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_OUTPUT_H
#define GENODE_API26_BASE_OUTPUT_H

namespace Genode { class Output; }

#endif
