/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API_BASE_EXCEPTION_H
#define GENODE_API_BASE_EXCEPTION_H

namespace Genode { class Exception { }; }

#endif
