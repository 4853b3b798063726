/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log of one component, and the logs of the child's subtree
 */
#ifndef LOG_PARENT_LOG_H
#define LOG_PARENT_LOG_H

#include <base/attached_rom_dataspace.h>
#include <base/log.h>
#include <dataspace/client.h>
#include <os/config.h>
#include <os/session_policy.h>
#include <util/list.h>

#include <caplog_console.h>

namespace Log_parent {

	using namespace Genode;
	using Caplog_console::Line;
	using Caplog_console::print_event;

	class Log;

	/* The sessions are served by another thread */
	struct Registry
	{
		Lock      lock;
		List<Log> logs;
	};
}


class Log_parent::Log : public List<Log>::Element
{
	private:

		enum Kind { GOOD, NONE, SMALL, ODD, ROM, REVOKE };

		Kind                 _kind = GOOD;
		Dataspace_capability _ds;
		Ram_dataspace_capability _ram_ds;
		Attached_rom_dataspace  *_rom = nullptr;

		void  *_at = nullptr;
		size_t _size = 0;

		unsigned long _pd = 0;        /* badge of the component's parent cap   */
		unsigned long _printed = 0;   /* events                                */
		unsigned long _passed  = 0;   /* events passed over in this visit      */
		bool          _lost    = false;
		unsigned      _polls   = 0;
		caplog_reader _reader;

		static Kind _kind_of(Xml_node policy)
		{
			char const * const names[] = { "good", "none", "small", "odd", "rom", "revoke" };

			for (unsigned i = 0; i < sizeof(names)/sizeof(names[0]); i++)
				if (policy.attribute("dataspace").has_value(names[i]))
					return (Kind)i;
			error("unknown kind of dataspace in a policy");
			return GOOD;
		}

		static int _visit(void *ctx, caplog_event const *event)
		{
			Log &log = *(Log *)ctx;

			if (log._passed++ < log._printed)
				return 0;
			print_event(log._pd, *log._reader.flavour, *event);
			log._printed++;
			return 0;
		}

	public:

		Session_label const label;

		Log(Session_label const &label) : label(label)
		{
			try {
				Xml_node node = config()->xml_node().sub_node("policy");
				for (;; node = node.next("policy")) {
					String<64> wanted = node.attribute_value("label", String<64>());
					if (label.last_element() == wanted.string())
						_kind = _kind_of(node);
				}
			}
			/* there is no policy, or no more of them */
			catch (Xml_node::Nonexistent_sub_node) { }

			switch (_kind) {
			case NONE:   return;
			case ROM:    _rom  = new (env()->heap()) Attached_rom_dataspace("timer"); break;
			case SMALL:  _size = 1000;  break;
			case ODD:    _size = 70001; break;
			case GOOD:
			case REVOKE: _size = config()->xml_node().attribute_value("log", Number_of_bytes(256*1024));
			}
			if (_size) {
				_ram_ds = env()->ram_session()->alloc(_size);
				_size   = Dataspace_client(_ram_ds).size(); /* whole pages */
				_at     = env()->rm_session()->attach(_ram_ds);
			}
			_ds = _rom ? Dataspace_capability(_rom->cap()) : Dataspace_capability(_ram_ds);
		}

		~Log() { revoke(); }

		void revoke()
		{
			if (_at)
				env()->rm_session()->detach(_at);
			if (_ram_ds.valid())
				env()->ram_session()->free(_ram_ds);
			if (_rom)
				destroy(env()->heap(), _rom);
			_at     = nullptr;
			_rom    = nullptr;
			_ram_ds = Ram_dataspace_capability();
			_ds     = Dataspace_capability();
		}

		Dataspace_capability ds() const { return _ds; }

		void parent_badge(unsigned long badge) { _pd = badge; }

		/* Print what is new */
		void poll()
		{
			caplog_diag diag;
			int         complete = 0;

			if (!_at || !_pd || caplog_reader_open(&_reader, _at, _size, &diag))
				return;

			_passed = 0;
			caplog_reader_history(&_reader, &complete, _visit, this, &diag);
			if (!complete && !_lost) {
				_lost = true;
				Line::write("log of ", label.string(), ", pd=", Hex(_pd),
				            ": the ring went round, events are missing from here on");
			}
			if (++_polls == 2 && _kind == REVOKE) {
				Line::write("log of ", label.string(), " revoked");
				revoke();
			}
		}

		void print_stat()
		{
			caplog_diag     diag;
			caplog_log_stat stat;

			if (!_at || !_pd || caplog_reader_open(&_reader, _at, _size, &diag)
			 || caplog_reader_stat(&_reader, &stat))
				return;

			Line::write("log of ", label.string(), ", pd=", Hex(_pd), ": ",
			            (unsigned long)stat.records, " records, ",
			            (unsigned long)stat.uncovered, " uncovered, ",
			            (unsigned long)(stat.details_lost + stat.early_lost), " lost");
		}
};

#endif
