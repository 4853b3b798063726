/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the component sees as its parent
 */
#ifndef CAPLOG_PARENT_H
#define CAPLOG_PARENT_H

#include <base/child.h>
#include <base/session_label.h>

#include "gate.h"
#include "kind.h"
#include "session_base.h"


class Caplog::Parent_child : public Child, public Session_base
{
	private:

		Target &_target;
		Object *_object = nullptr;

		Lock mutable _exit; /* of exited and exit value, which the steps look at */

		Session_capability _initial(char const *name);

		/* \param label  as the component gave it, \param args  with the label for servers */
		Session_base      *_open_own(char const *service, Session_label const &label,
		                             char const *args, Affinity const &);
		Session_capability _open(char const *service, Session_label const &label,
		                         char const *args, Affinity const &);

	public:

		/* \param elf  invalid: nothing is loaded */
		Parent_child(Target &, Dataspace_capability elf, Dataspace_capability ldso,
		             Child_policy &, Initial_thread_base &);

		/* Write the raw parent capability to where the image says that the component has it */
		void write_raw();

		Rpc_exception_code dispatch(Rpc_opcode, Ipc_unmarshaller &, Msgbuf_base &) override;

		void announce(Service_name const &, Root_capability) override;
		Session_capability session(Service_name const &, Session_args const &,
		                           Affinity const &) override;
		void upgrade(Session_capability, Upgrade_args const &) override;
		void close(Session_capability) override;
		void exit(int) override;
		Thread_capability main_thread_cap() const override;
		void resource_avail_sigh(Signal_context_capability) override;
		void resource_request(Resource_args const &) override;
		void yield_sigh(Signal_context_capability) override;
		Resource_args yield_request() override { return Resource_args(""); }
		void yield_response() override { }

		/* The component's last word; false: it has not said it */
		bool exited()     const { Lock::Guard guard(_exit); return saved.parent.exited; }
		int  exit_value() const { Lock::Guard guard(_exit); return (int)saved.parent.value; }

		Native_capability given() const override { return parent_cap(); }
		void entered(Object &object) override { _object = &object; }
		void settle() override;

		static int make(Target &, caplog_object &, Saved const &, caplog_diag *);
};

#endif
