/* SPDX-License-Identifier: BSD-2-Clause */
/* The parent's services */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void name_words(const char *name, uint64_t w[2])
{
	char text[16] = { 0 };
	snprintf(text, sizeof text, "%s", name);
	memcpy(w, text, sizeof text);
}

hb_cap hb_session(const char *name)
{
	uint64_t w[2];
	name_words(name, w);
	return hb_invoke_cap(HB->parent, HS_SESSION, w[0], w[1], HB_NO_CAP);
}

void hb_announce(const char *name, hb_cap root)
{
	struct hb_msg rcv;
	uint64_t w[2];
	name_words(name, w);
	hb_request(HB->parent, HS_ANNOUNCE, w[0], w[1], root, &rcv);
	hb_drop_caps(&rcv);
}

void hb_log(hb_cap log, const char *fmt, ...)
{
	struct hb_msg m = { HB_WORDS, 0, { HS_LOG_WRITE }, { 0 } };
	va_list args;

	va_start(args, fmt);
	vsnprintf((char *)&m.w[1], sizeof m.w - sizeof m.w[0], fmt, args);
	va_end(args);
	hb_call(log, &m, NULL);
}

void hb_exit(int value)
{
	hb_invoke(HB->parent, HS_EXIT, (uint64_t)value, 0);
}
