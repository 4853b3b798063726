/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_BASE_INTERNAL_NATIVE_THREAD_H
#define GENODE_API26_BASE_INTERNAL_NATIVE_THREAD_H

#include <foc/native_thread.h>

#endif
