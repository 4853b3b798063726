/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability spaces in the monitor's log, for caplog(1) and the run scripts
 */
#ifndef CAPLOG_PRINT_H
#define CAPLOG_PRINT_H

#include "instance.h"

namespace Caplog {

	/*
	 * The logs of all components of an instance, in the text form of caplog(1)
	 *
	 * \return 0; an error of <caplog/diag.h>: a component has no log that can be read
	 */
	int print_logs(Allocator &, Instance &, caplog_diag *);
}

#endif
