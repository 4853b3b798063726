/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 64-bit types are 'long long' everywhere, other than the compiler's own on a
 * 64-bit machine: what mixes both must fail here, too.
 */
#ifndef GENODE_API_BASE_STDINT_H
#define GENODE_API_BASE_STDINT_H

namespace Genode {

	typedef signed char        int8_t;
	typedef unsigned char      uint8_t;
	typedef signed short       int16_t;
	typedef unsigned short     uint16_t;
	typedef signed             int32_t;
	typedef unsigned           uint32_t;
	typedef signed long long   int64_t;
	typedef unsigned long long uint64_t;

	typedef __SIZE_TYPE__ size_t;
	typedef unsigned long addr_t;
	typedef long          off_t;
	typedef unsigned long umword_t;
}

#endif
