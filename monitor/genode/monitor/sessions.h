/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sessions that the monitor serves
 *
 * Each forwards to a real session and writes down what the component was
 * given. Requests of one target come in one after the other, by its entrypoint.
 */
#ifndef CAPLOG_SESSIONS_H
#define CAPLOG_SESSIONS_H

#include <rom_session/connection.h>
#include <timer_session/client.h>

#include "target.h"

namespace Caplog {

	/* Try again with more memory for core's objects, paid by the monitor */
	template <typename EXCEPTION, typename FN>
	auto with_quota(Target &t, Session_capability session, FN const &fn) -> decltype(fn())
	{
		for (;;) {
			try { return fn(); } catch (EXCEPTION) { t.upgrade(session); }
		}
	}
}


struct Caplog::Ram : Rpc_object<Ram_session>, Session_base
{
	Target &target;

	Ram(Target &target) : target(target) { }

	/* Without a line */
	Ram_dataspace_capability alloc_real(size_t, Cache_attribute);

	Ram_dataspace_capability alloc(size_t, Cache_attribute) override;
	void   free(Ram_dataspace_capability) override;
	int    ref_account(Ram_session_capability) override;
	int    transfer_quota(Ram_session_capability, size_t) override;
	size_t quota() override;
	size_t used() override;
};


struct Caplog::Rm : Rpc_object<Region_map>, Session_base
{
	Target           &target;
	Map const         which;
	Region_map_client real;
	Object           *own_ds = nullptr;

	Rm(Target &target, Map which, Capability<Region_map> real)
	: target(target), which(which), real(real) { }

	Local_addr attach_real(Dataspace_capability, size_t, off_t, Local_addr, bool exec);
	Object *region_at(uint64_t address);

	Local_addr attach(Dataspace_capability, size_t, off_t, bool, Local_addr, bool) override;
	void       detach(Local_addr) override;
	void       fault_handler(Signal_context_capability) override;
	State      state() override { return real.state(); }
	Dataspace_capability dataspace() override;

	void restored() override;
};


/*
 * A thread's capability
 *
 * The monitor has to know which threads were started: Fiasco.OC revives one
 * that was not when it is asked for its registers.
 */
struct Caplog::Cpu_thread_server : Rpc_object<Cpu_thread>, Session_base
{
	enum { PAUSED }; /* state.word[] */

	Target      &target;
	Thread_info &thread;

	Cpu_thread_server(Target &target, Thread_info &thread) : target(target), thread(thread) { }

	Cpu_thread_client real() { return Cpu_thread_client(thread.cap); }

	/* Its component wants it to stand still */
	bool paused() const { return Session_base::state.word[PAUSED]; }

	void start(addr_t ip, addr_t sp) override;
	void pause() override;
	void resume() override;
	Thread_state state() override;
	void exception_sigh(Signal_context_capability) override;

	Dataspace_capability utcb() override                     { return real().utcb(); }
	void cancel_blocking() override                          { real().cancel_blocking(); }
	void state(Thread_state const &s) override               { real().state(s); }
	void single_step(bool on) override                       { real().single_step(on); }
	void affinity(Affinity::Location location) override      { real().affinity(location); }
	unsigned trace_control_index() override                  { return real().trace_control_index(); }
	Dataspace_capability trace_buffer() override             { return real().trace_buffer(); }
	Dataspace_capability trace_policy() override             { return real().trace_policy(); }

	void restored() override;
};


struct Caplog::Cpu : Rpc_object<Cpu_session>, Session_base
{
	Target &target;
	bool    traced = false;

	Cpu(Target &target) : target(target) { }

	Thread_capability create_thread(Capability<Pd_session>, Name const &, Affinity::Location,
	                                Weight, addr_t) override;
	void                 kill_thread(Thread_capability) override;
	void                 exception_sigh(Signal_context_capability) override;
	Affinity::Space      affinity_space() const override;
	Dataspace_capability trace_control() override;
	int                  ref_account(Cpu_session_capability) override;
	int                  transfer_quota(Cpu_session_capability, size_t) override;
	Quota                quota() override;
	Capability<Native_cpu> native_cpu() override;

	void restored() override;
};


struct Caplog::Pd : Rpc_object<Pd_session>, Session_base
{
	Target &target;

	Pd(Target &target) : target(target) { }

	/* A gate bound to a thread; no line */
	Native_capability gate_of(Thread_info &);

	/* The signal source's semaphore, which core tells whoever asks the source */
	Native_capability semaphore_of(Capability<Signal_source>);

	void assign_parent(Capability<Parent>) override;
	bool assign_pci(addr_t, uint16_t) override;
	Capability<Signal_source> alloc_signal_source() override;
	void free_signal_source(Capability<Signal_source>) override;
	Capability<Signal_context> alloc_context(Capability<Signal_source>, unsigned long) override;
	void free_context(Capability<Signal_context>) override;
	void submit(Capability<Signal_context>, unsigned) override;
	Native_capability alloc_rpc_cap(Native_capability) override;
	void free_rpc_cap(Native_capability) override;
	Capability<Region_map> address_space() override;
	Capability<Region_map> stack_area() override;
	Capability<Region_map> linker_area() override;
	Capability<Native_pd>  native_pd() override;
	Dataspace_capability   cap_space_dataspace() override;
};


/*
 * ROM session: one of the parent's, or text from the monitor's configuration
 */
struct Caplog::Rom : Rpc_object<Rom_session>, Session_base
{
	Target &target;
	Object *object = nullptr; /* of this session   */
	Object *ds     = nullptr; /* handed out before */

	Rom_session_capability   real;
	Ram_dataspace_capability text;

	Rom(Target &target, char const *args);
	~Rom();

	Dataspace_capability real_dataspace();

	Rom_dataspace_capability dataspace() override;
	bool update() override;
	void sigh(Signal_context_capability) override;

	void restored() override;
};


/*
 * Receives the signals of all timer sessions
 */
class Caplog::Timers : Thread
{
	private:

		enum { STACK_SIZE = 4*1024*sizeof(long) };

		void entry() override;

	public:

		Signal_receiver     receiver;
		Lock                lock;
		List<Timer_session> all;

		/* Hand on what came while the target was frozen */
		void flush(Target &);

		Timers(Env &env) : Thread(env, "timers", STACK_SIZE) { start(); }
};


/*
 * Timer session
 *
 * The timer's signals come to the monitor, which hands them on. So none is on
 * its way at a checkpoint that nobody knows of.
 */
struct Caplog::Timer_session : Rpc_object< ::Timer::Session, Timer_session>, Session_base,
                               Signal_context, List<Timer_session>::Element
{
	enum { IDLE, ONCE, PERIODIC };
	enum { MODE, MICROSECONDS, ELAPSED, FIRED }; /* state.word[] */

	Target                      &target;
	Capability< ::Timer::Session> real;
	unsigned long                started = 0; /* real time of the last trigger */
	unsigned long                before  = 0; /* time of earlier lives         */
	Lock                         lock;

	Timer_session(Target &target, char const *args);
	~Timer_session();

	void fired(unsigned count);
	void hand_on();

	unsigned long real_ms() const { return real.call< ::Timer::Session::Rpc_elapsed_ms>(); }

	void trigger_once(unsigned) override;
	void trigger_periodic(unsigned) override;
	void sigh(Signal_context_capability) override;
	unsigned long elapsed_ms() const override { return before + real_ms(); }
	void msleep(unsigned) override { }
	void usleep(unsigned) override { }

	void settle() override;
	void restored() override;
};


/* The parent's LOG session, handed out as it is */
struct Caplog::Opened_session : Session_base
{
	Target            &target;
	Session_capability real;

	Opened_session(Target &target, char const *args);
	~Opened_session();
};


/*
 * What the component sees as its parent
 */
class Caplog::Parent_child : public Child, public Session_base
{
	private:

		Target &_target;

	public:

		Object *object = nullptr;

		Parent_child(Target &, Dataspace_capability elf, Dataspace_capability ldso,
		             Child_policy &, Initial_thread_base &);

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
};

#endif
