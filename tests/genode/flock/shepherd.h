/* SPDX-License-Identifier: BSD-2-Clause */
/* Interface of the test's shared library */
#ifndef CAPLOG_TEST_SHEPHERD_H
#define CAPLOG_TEST_SHEPHERD_H

struct Shepherd
{
	struct Lost { unsigned long sheep; };

	/* \return number of sheep so far */
	virtual unsigned long bring() = 0;

	/* \throw Lost, with the number of the sheep */
	virtual void lose(unsigned long sheep) = 0;

	virtual ~Shepherd() { }
};

Shepherd &shepherd();

#endif
