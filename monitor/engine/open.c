/* SPDX-License-Identifier: BSD-2-Clause */
#include "open.h"

int caplog_is_own(const struct caplog_flavour *flavour)
{
	const char *const own = caplog_own_flavour()->name;

	for (unsigned i = 0; i < CAPLOG_FLAVOUR_NAME_SIZE; i++)
		if (flavour->name[i] != own[i])
			return 0;
	return 1;
}

int caplog_open_log(struct caplog_reader *reader, const void *log, uint64_t size,
                    struct caplog_diag *diag)
{
	int const err = caplog_reader_open(reader, log, (size_t)size, diag);

	if (err || caplog_is_own(reader->flavour))
		return err;
	return caplog_say(diag, CAPLOG_ENOTSUP, "its log is of flavour %s, but components here are of "
	                  "%s: link it with the base library of this release",
	                  reader->flavour->name, caplog_own_flavour()->name);
}
