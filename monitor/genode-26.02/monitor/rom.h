/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ROM session: passed on, so that its dataspaces are known
 */
#ifndef CAPLOG_ROM_H
#define CAPLOG_ROM_H

#include <rom_session/rom_session.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"

namespace Caplog { struct Rom; }


struct Caplog::Rom : Served<Rom_session>, Session_base
{
	private:

		Target                  &_target;
		Object                  *_object = nullptr; /* of this session    */
		Object                  *_ds     = nullptr; /* handed out before  */
		bool                     _ended  = false;   /* it is being closed */
		Capability<Rom_session> const _real;

		Rom_dataspace_capability _dataspace();

	public:

		Rom(Target &, Session_capability);
		~Rom();

		Rom_dataspace_capability dataspace() override;
		bool update() override;
		void sigh(Signal_context_capability) override;

		Native_capability given() const override { return cap(); }
		void entered(Object &object) override { _object = &object; }
		void restored() override;
		bool end() override;

		static Session_base *wrap(Target &, Session_capability);

		static int make_ds(Target &, caplog_object &, Saved const &, caplog_diag *);
};

#endif
