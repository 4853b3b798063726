/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Binary of a component, and the dynamic linker if it needs it
 */
#ifndef CAPLOG_PROGRAM_H
#define CAPLOG_PROGRAM_H

#include <base/connection.h>
#include <rom_session/client.h>
#include <util/volatile_object.h>

#include "kind.h"

namespace Caplog { class Program; }


class Caplog::Program
{
	private:

		/* Genode's Rom_connection asks env()->parent(), whatever parent it is given */
		struct Module : Connection<Rom_session>, Rom_session_client
		{
			Module(Env &env, char const *name)
			:
				Connection<Rom_session>(env, session(env.parent(), "ram_quota=4K, label=\"%s\"", name)),
				Rom_session_client(Connection<Rom_session>::cap())
			{ }
		};

		Module                       _binary;
		Lazy_volatile_object<Module> _ldso;

		/* the kernel entry that was found to be right, and the line of its region */
		uint64_t _entry        = 0;
		uint32_t _entry_region = 0;

	public:

		static char const *ldso_name() { return "ld.lib.so"; }

		Program(Env &, char const *binary);

		bool dynamic() const { return _ldso.constructed(); }

		Dataspace_capability binary() { return _binary.dataspace(); }

		/* Invalid if it is linked statically */
		Dataspace_capability ldso();

		/*
		 * Is the kernel entry at these labels the one of the monitor's own base
		 * library, in memory of the program's file, which no component can write to?
		 *
		 * \return 0; -EINVAL with diag
		 */
		int check_entry(Target &, uint64_t const *labels, caplog_diag *);

		static int make_ds(Target &, caplog_object &, Saved const &, caplog_diag *);
};

#endif
