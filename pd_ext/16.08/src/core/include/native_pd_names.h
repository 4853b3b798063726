/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of core, which has no namespace of its own in this release
 */
#ifndef CAPLOG_NATIVE_PD_NAMES_H
#define CAPLOG_NATIVE_PD_NAMES_H

namespace Genode {

	class  Pd_session_component;
	class  Cpu_thread_component;
	struct Address_space;
	class  Native_pd_base;
	class  Native_pd_component;
}

namespace Core = Genode;

#endif
