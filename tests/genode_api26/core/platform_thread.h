/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef GENODE_API26_CORE_PLATFORM_THREAD_H
#define GENODE_API26_CORE_PLATFORM_THREAD_H

#include <cap_mapping.h>

namespace Core {

	class Pager_object;
	class Platform_thread;

	struct Platform_pd : Noncopyable
	{
		Native_capability task { };

		Native_capability native_task() { return task; }
	};
}


class Core::Platform_thread : Interface, Noncopyable
{
	private:

		enum State { DEAD, RUNNING };

		State          _state     = DEAD;
		Cap_mapping   &_thread    = cap;
		Pager_object *&_pager_obj = pager_object;

	public:

		typedef String<32> Name;

		Cap_mapping   cap;
		Platform_pd  *pd           = nullptr;
		Pager_object *pager_object = nullptr;
		bool          of_core      = false;

		explicit Platform_thread(Native_capability c) : cap(c) { }

		void start(void *, void *) { _state = RUNNING; }
		void pause();

		Cap_mapping const &thread() const { return cap; }
		bool               core_thread() const { return of_core; }
		Name               name()   const { return Name("thread"); }
		Pager_object      &pager()  const { return *pager_object; }
};

#endif
