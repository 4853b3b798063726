/* SPDX-License-Identifier: BSD-2-Clause */
#include <caplog/cap.h>

const char *caplog_kind_name(unsigned kind)
{
	switch (kind) {
#define X(num, id, name, detail) case num: return name;
	CAPLOG_KINDS(X)
#undef X
	default: return NULL;
	}
}

const char *caplog_event_name(unsigned kind)
{
	switch (kind) {
#define FIELD(id)
#define X(num, id, name, begins, fields) case num: return #name;
	CAPLOG_EVENTS(X, FIELD)
#undef X
#undef FIELD
	default: return NULL;
	}
}
