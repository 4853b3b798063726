/* SPDX-License-Identifier: BSD-2-Clause */
#include <base/log.h>

#include "messenger.h"

namespace Fiasco {
#include <l4/sys/thread.h>
}

namespace Caplog {


Messenger::Messenger(Env &env, Allocator &alloc, Timer::Connection &timer)
:
	Thread(env, "messenger", STACK_SIZE),
	/* does not wait for more quota when the monitor lacks it, as that of Env does */
	_parent(static_cast<Parent_client &>(env.parent())),
	_alloc(alloc), _timer(timer), _main(*Thread::myself())
{
	start();
}


/*
 * The messenger's thread
 */

Messenger::Request *Messenger::_take(Text &text)
{
	Lock::Guard guard(_lock);

	_under_way = _queue.first();
	if (_under_way) {
		_queue.remove(_under_way);
		if (_under_way->wait)
			text = _under_way->wait->text;
	}
	return _under_way;
}


Messenger::Result Messenger::_ask(Request &r, Text const &text)
{
	try {
		switch (r.kind) {
		case Request::OPEN:    r.cap = _parent.session(text.service, text.args, text.affinity); break;
		case Request::UPGRADE: _parent.upgrade(r.cap, text.args); break;
		case Request::CLOSE:   _parent.close(r.cap); break;
		}
		return DONE;
	}
	catch (Parent::Quota_exceeded) { return QUOTA; }
	catch (...)                    { return DENIED; }
}


void Messenger::_answer(Request *r, Result result)
{
	bool opened = r->kind == Request::OPEN && result == DONE;
	{
		Lock::Guard guard(_lock);

		_under_way = nullptr;
		_answers++;
		if (opened && !r->wait) {
			r->kind = Request::CLOSE;
			_queue.insert(r);
			_asked.up();
			return;
		}
		if (opened)
			_open.insert(r);
		if (r->wait) {
			r->wait->cap    = r->cap;
			r->wait->result = result;
			/* with the lock: then it is not gone before this returns */
			r->wait->answered.up();
			r->wait = nullptr;
		}
	}
	if (!opened)
		destroy(_alloc, r);
}


void Messenger::entry()
{
	for (;;) {
		Text text("", "", Affinity());

		_asked.down();
		if (Request * const r = _take(text))
			_answer(r, _ask(*r, text));
	}
}


/*
 * Callers
 */

void Messenger::_enqueue(Request *r)
{
	Request *last = _queue.first();

	while (last && last->next())
		last = last->next();
	_queue.insert(r, last);
	_asked.up();
}


/* Nobody waits any more; the caller has the lock */
void Messenger::_forget(Wait &wait)
{
	Request *r = _queue.first();

	while (r && r->wait != &wait)
		r = r->next();
	if (r && r->kind != Request::CLOSE) {
		_queue.remove(r);
		destroy(_alloc, r);
		r = nullptr;
	}
	if (!r && _under_way && _under_way->wait == &wait)
		r = _under_way;
	if (r)
		r->wait = nullptr;
	wait.result = GIVEN_UP;
}


bool Messenger::give_up(Thread &caller)
{
	Lock::Guard guard(_lock);

	Wait *wait = nullptr;
	auto look = [&] (Request *r) {
		if (r && r->wait && &r->wait->caller == &caller)
			wait = r->wait; };

	look(_under_way);
	for (Request *r = _queue.first(); r; r = r->next())
		look(r);
	if (!wait)
		return false;

	_forget(*wait);
	wait->answered.up();
	return true;
}


/* Of the main thread: until there is an answer, or the time is over */
void Messenger::_await(Wait &wait, unsigned ms)
{
	unsigned long end = 0;

	for (unsigned tries = 0; ; tries++) {
		{
			Lock::Guard guard(_lock);
			if (wait.result != NONE)
				return;
		}
		if (tries < YIELDS) {
			Fiasco::l4_thread_yield();
			continue;
		}
		unsigned long const now = _timer.elapsed_ms();
		end = end ? end : now + ms;
		if (now >= end)
			return;
		_timer.msleep(1);
	}
}


/* \param ms  0: the main thread does not wait */
Messenger::Result Messenger::_request(Request *r, Wait &wait, unsigned ms)
{
	{
		Lock::Guard guard(_lock);
		r->wait = &wait;
		_enqueue(r);
	}
	if (&wait.caller != &_main)
		wait.answered.down();
	else if (ms)
		_await(wait, ms);

	Lock::Guard guard(_lock);
	if (wait.result == NONE)
		_forget(wait);
	return wait.result;
}


Session_capability Messenger::session(Service_name const &name, Session_args const &args,
                                      Affinity const &affinity)
{
	Wait         wait(Text(name.string(), args.string(), affinity));
	Result const result = _request(new (_alloc) Request(Request::OPEN), wait, OPEN_MS);

	switch (result) {
	case DONE:   return wait.cap;
	case QUOTA:  throw Parent::Quota_exceeded();
	case DENIED: throw Parent::Service_denied();
	default:     break;
	}
	if (&wait.caller == &_main)
		error("the monitor's parent did not answer a request for a ", name.string(), " session within ",
		      (unsigned)OPEN_MS, " ms, perhaps since it waits for a server");
	throw Unanswered();
}


void Messenger::upgrade(Session_capability session, Upgrade_args const &args)
{
	Wait         wait(Text("", args.string(), Affinity()));
	Result const result = _request(new (_alloc) Request(Request::UPGRADE, session), wait, OPEN_MS);

	if (result == QUOTA)
		throw Parent::Quota_exceeded();
	if (result == GIVEN_UP)
		throw Unanswered();
}


void Messenger::close(Session_capability session)
{
	Request *r = nullptr;
	unsigned ms;
	{
		Lock::Guard guard(_lock);

		for (r = _open.first(); r && r->cap.local_name() != session.local_name(); )
			r = r->next();
		if (r) {
			_open.remove(r);
			r->kind = Request::CLOSE;
		}
		/* what was not answered when another one was to be closed will not be now */
		ms = _hopeless == _answers ? 0 : CLOSE_MS;
	}
	/* Genode's Rom_connection opens its session past the parent that it is given */
	if (!r)
		r = new (_alloc) Request(Request::CLOSE, session);

	Wait wait(Text("", "", Affinity()));
	if (_request(r, wait, ms) != GIVEN_UP || !ms || &wait.caller != &_main)
		return;

	warning("the monitor's parent did not close a session within ", (unsigned)CLOSE_MS, " ms, perhaps "
	        "since it waits for a server: sessions of components that are gone stay until it does");
	Lock::Guard guard(_lock);
	_hopeless = _answers;
}

} /* namespace Caplog */
