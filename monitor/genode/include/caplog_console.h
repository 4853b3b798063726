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

		template <typename... ARGS>
		static void write(ARGS &&... args)
		{
			Line line;
			/* another line may be under way */
			print(line, "\n", args..., "\n");
			line._text[line._length] = 0;
			Fiasco::outstring(line._text);
		}
};


/*
 * An event in the text form
 *
 * \param pd  badge of the component's parent capability
 */
void Caplog_console::print_event(unsigned long pd, caplog_flavour const &flavour,
                                 caplog_event const &e)
{
	char const    *name  = caplog_event_name(e.kind);
	unsigned const shift = flavour.slot_shift;

	Hex const kcap ((addr_t)e.slot  << shift), badge(e.badge),
	          other((addr_t)e.other << shift), from((addr_t)e.from << shift);

	switch (e.kind) {
	case CAPLOG_INSERT_MAP:
		Line::write("@cap pd=", Hex(pd), " ", name, " badge=", badge, " rcv=", from,
		            " kcap=", kcap, " result=new");
		break;
	case CAPLOG_REMOVE:
		Line::write("@cap pd=", Hex(pd), " ", name, " badge=", badge, " kcap=", kcap,
		            " mapped=", e.from ? "yes" : "no");
		break;
	case CAPLOG_RPC_ALLOC:
		Line::write("@cap pd=", Hex(pd), " ", name, " badge=", badge, " kcap=", kcap,
		            " ep=", other);
		break;
	case CAPLOG_THREAD_START:
		Line::write("@cap pd=", Hex(pd), " ", name, " badge=", badge, " kcap=", kcap,
		            " utcb=", Hex((addr_t)e.a), " obj=", Hex((addr_t)e.b));
		break;
	case CAPLOG_IRQ_ATTACH:
		Line::write("@cap pd=", Hex(pd), " ", name, " irq=", kcap, " thread=", other,
		            " label=", Hex((addr_t)e.a));
		break;
	case CAPLOG_IRQ_DETACH:
		Line::write("@cap pd=", Hex(pd), " ", name, " irq=", kcap);
		break;
	default:
		Line::write("@cap pd=", Hex(pd), " ", name, " badge=", badge, " kcap=", kcap);
	}
}

#endif
