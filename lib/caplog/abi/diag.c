/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdarg.h>
#include <stddef.h>

#include <caplog/diag.h>
#include <caplog/flavour.h>

struct out {
	char  *text;
	size_t left;
};

static void put(struct out *o, char c)
{
	if (o->left > 1) {
		*o->text++ = c;
		o->left--;
	}
}

static void put_number(struct out *o, uint64_t value, unsigned base)
{
	char digits[20];
	unsigned n = 0;

	/* no 64-bit division: 32-bit targets would need a library for it */
	if (base == 16 || value >> 32) {
		put(o, '0');
		put(o, 'x');
		do
			digits[n++] = "0123456789abcdef"[value & 15];
		while ((value >>= 4) != 0);
	} else {
		uint32_t rest = (uint32_t)value;
		do {
			uint32_t const tens = caplog_divide(rest, 10);
			digits[n++] = (char)('0' + (rest - 10 * tens));
			rest = tens;
		} while (rest);
	}
	while (n)
		put(o, digits[--n]);
}

int caplog_say(struct caplog_diag *diag, int error, const char *fmt, ...)
{
	if (!diag)
		return error;

	struct out o = { diag->text, sizeof diag->text };
	va_list args;

	diag->error = error;
	va_start(args, fmt);
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			put(&o, *fmt);
			continue;
		}
		switch (*++fmt) {
		case 's':
			for (const char *s = va_arg(args, const char *); s && *s; s++)
				put(&o, *s);
			break;
		case 'u': put_number(&o, va_arg(args, uint32_t), 10); break;
		case 'x': put_number(&o, va_arg(args, uint32_t), 16); break;
		case 'n': put_number(&o, va_arg(args, uint64_t), 10); break;
		default:  put(&o, *fmt); break;
		}
	}
	va_end(args);
	*o.text = 0;
	return error;
}

const char *caplog_error_text(int error)
{
	switch (error) {
#define X(name, number, text) case CAPLOG_##name: return text;
	CAPLOG_ERRORS(X)
#undef X
	default: return "failed";
	}
}
