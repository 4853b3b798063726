/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Logs and images on the kernel's console, for caplog(1) to read from a capture
 */
#ifndef CAPLOG_CONSOLE_H
#define CAPLOG_CONSOLE_H

#include <base/output.h>
#include <base/stdint.h>

#include <caplog/reader.h>

namespace Fiasco {
#include <l4/sys/kdebug.h>
}

namespace Caplog_console {

	using namespace Genode;

	class Line;

	inline void print_event(unsigned long pd, caplog_flavour const &, caplog_event const &);
}


/*
 * One line, printed at once, so that the output of components does not get into it
 */
class Caplog_console::Line : public Output
{
	private:

		char     _text[256];
		unsigned _length = 0;

	public:

		void out_char(char c) override
		{
			if (_length < sizeof(_text) - 1)
				_text[_length++] = c;
		}

		void flush()
		{
			_text[_length] = 0;
			Fiasco::outstring(_text);
			_length = 0;
		}

		template <typename... ARGS>
		static void write(ARGS &&... args)
		{
			Line line;
			/* another line may be under way */
			print(line, "\n", args..., "\n");
			line.flush();
		}
};


namespace Caplog_console {

	/* Where an event has the value of a field: the members of CAPLOG_FIELDS */
	enum Member { BADGE, SLOT, OTHER, FROM, FLAG, A, B, TEXT };

	inline void print_value(Output &out, unsigned shift, caplog_event const &e, Member member)
	{
		switch (member) {
		case BADGE: print(out, Hex(e.badge));                   break;
		case SLOT:  print(out, Hex((addr_t)e.slot  << shift));  break;
		case OTHER: print(out, Hex((addr_t)e.other << shift));  break;
		case FROM:  print(out, Hex((addr_t)e.from  << shift));  break;
		case FLAG:  print(out, e.from ? "yes" : "no");          break;
		case A:     print(out, Hex((addr_t)e.a));               break;
		case B:     print(out, Hex((addr_t)e.b));               break;
		case TEXT:  print(out, "new");                          break;
		}
	}

	/* One function per field */
#define X(id, key, member) \
	inline void print_##id(Output &out, unsigned shift, caplog_event const &e) \
	{ \
		print(out, " " #key "="); \
		print_value(out, shift, e, member); \
	}
	CAPLOG_FIELDS(X)
#undef X
}


/*
 * An event in the text form, with the fields of the library's list
 *
 * \param pd  badge of the component's parent capability
 */
void Caplog_console::print_event(unsigned long pd, caplog_flavour const &flavour,
                                 caplog_event const &e)
{
	unsigned const shift = flavour.slot_shift;
	Line line;

	print(line, "\n@cap pd=", Hex(pd), " ", caplog_event_name(e.kind));
	switch (e.kind) {
#define FIELD(id) print_##id(line, shift, e);
#define X(number, id, name, begins, fields) case number: fields break;
	CAPLOG_EVENTS(X, FIELD)
#undef X
#undef FIELD
	}
	print(line, "\n");
	line.flush();
}

#endif
