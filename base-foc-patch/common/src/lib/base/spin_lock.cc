/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lock of the cap space
 *
 * Takes the place of base-foc's lock for the same purpose. It is held for some
 * dozen instructions, and also before a thread could block.
 */
#include <base/internal/cap_space.h>
#include <base/internal/lock_helper.h>

void Genode::Cap_space::wait_for_lock() { thread_yield(); }
