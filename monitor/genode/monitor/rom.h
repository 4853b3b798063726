/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ROM session: one of the parent's, or text from the monitor's configuration
 */
#ifndef CAPLOG_ROM_H
#define CAPLOG_ROM_H

#include <base/session_label.h>
#include <ram_session/ram_session.h>
#include <rom_session/client.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"

namespace Caplog { struct Rom; }


struct Caplog::Rom : Served<Rom_session>, Session_base
{
	private:

		Target &_target;
		Object *_object = nullptr; /* of this session   */
		Object *_ds     = nullptr; /* handed out before */
		bool    _ended  = false;   /* it is being closed */

		Rom_session_capability   _real;
		Ram_dataspace_capability _text; /* of the component's node */

		Dataspace_capability _dataspace();

	public:

		Rom(Target &, char const *args);
		~Rom();

		Rom_dataspace_capability dataspace() override;
		bool update() override;
		void sigh(Signal_context_capability) override;

		Native_capability  given() const override { return cap(); }
		Session_capability real()  const override { return _real; }
		void entered(Object &object) override { _object = &object; }
		void restored() override;
		bool end() override;

		/* Modules that the monitor provides itself: the configuration, the program */
		static bool is_own(Session_label const &label);

		static Session_base *open(Target &, char const *args, Affinity const &);

		static int make_ds(Target &, caplog_object &, Saved const &, caplog_diag *);
};

#endif
