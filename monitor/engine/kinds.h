/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kinds: what a component can be given, and the words that recreate it
 *
 * The one list of object kinds, for all platforms. A number is part of the
 * image format: it is given once, never reused and never changes its meaning,
 * and no two platforms use one number for two things. The names of the words,
 * the decoders and the checks all come from this list.
 */
#ifndef CAPLOG_KINDS_H
#define CAPLOG_KINDS_H

#include <stddef.h>

#include <caplog/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Platforms; the name stands in an image's header */
#define CAPLOG_PLATFORMS(X)                                                     \
	X(0, GENODE, "genode") /* monitor/genode: Fiasco.OC                     */  \
	X(1, HOSTED, "hosted") /* monitor/hosted: the model of it               */

enum caplog_platform_number {
#define X(number, id, name) CAPLOG_PLATFORM_##id = number,
	CAPLOG_PLATFORMS(X)
#undef X
	CAPLOG_PLATFORM_COUNT
};

/* Where an object of a kind can be recreated */
#define CAPLOG_ON_NONE   0u /* nowhere: a component that has one is refused */
#define CAPLOG_ON_GENODE (1u << CAPLOG_PLATFORM_GENODE)
#define CAPLOG_ON_HOSTED (1u << CAPLOG_PLATFORM_HOSTED)
#define CAPLOG_ON_ALL    (CAPLOG_ON_GENODE | CAPLOG_ON_HOSTED)

/* What an image keeps of an object beside its line */
enum caplog_carries {
	CAPLOG_CARRIES_NOTHING,
	CAPLOG_CARRIES_SESSION, /* struct caplog_state: handlers, words, arguments */
	CAPLOG_CARRIES_PENDING, /* number of signals that were not fetched         */
	CAPLOG_CARRIES_MEMORY   /* its bytes                                       */
};

/*
 * number, identifier, member of struct caplog_object, name for messages,
 * platforms that recreate it, what it carries
 */
#define CAPLOG_OBJECT_KINDS(X)                                                                    \
	X(0,  UNKNOWN,        unknown,        "unknown object",       CAPLOG_ON_NONE,   NOTHING)      \
	X(1,  GATE,           gate,           "RPC object",           CAPLOG_ON_ALL,    NOTHING)      \
	X(2,  PARENT,         parent,         "parent",               CAPLOG_ON_ALL,    SESSION)      \
	X(3,  PD,             pd,             "PD session",           CAPLOG_ON_ALL,    SESSION)      \
	X(4,  CPU,            cpu,            "CPU session",          CAPLOG_ON_ALL,    SESSION)      \
	X(5,  RAM,            ram,            "RAM session",          CAPLOG_ON_GENODE, SESSION)      \
	X(6,  REGION_MAP,     region_map,     "region map",           CAPLOG_ON_GENODE, SESSION)      \
	X(7,  REGION_MAP_DS,  region_map_ds,  "region map dataspace", CAPLOG_ON_GENODE, NOTHING)      \
	X(8,  DATASPACE,      dataspace,      "RAM dataspace",        CAPLOG_ON_ALL,    MEMORY)       \
	X(9,  LOG_DS,         log_ds,         "log dataspace",        CAPLOG_ON_ALL,    MEMORY)       \
	X(10, TRACE_DS,       trace_ds,       "trace dataspace",      CAPLOG_ON_GENODE, NOTHING)      \
	X(11, BINARY_DS,      binary_ds,      "program dataspace",    CAPLOG_ON_GENODE, NOTHING)      \
	X(12, ROM,            rom,            "ROM session",          CAPLOG_ON_GENODE, SESSION)      \
	X(13, ROM_DS,         rom_ds,         "ROM dataspace",        CAPLOG_ON_GENODE, NOTHING)      \
	X(14, LOG,            log,            "LOG session",          CAPLOG_ON_ALL,    SESSION)      \
	X(15, TIMER,          timer,          "Timer session",        CAPLOG_ON_ALL,    SESSION)      \
	X(16, SOURCE,         source,         "signal source",        CAPLOG_ON_ALL,    NOTHING)      \
	X(17, SEMAPHORE,      semaphore,      "signal semaphore",     CAPLOG_ON_ALL,    NOTHING)      \
	X(18, CONTEXT,        context,        "signal context",       CAPLOG_ON_ALL,    PENDING)      \
	X(19, THREAD,         thread,         "thread",               CAPLOG_ON_ALL,    SESSION)      \
	X(20, REGION,         region,         "region",               CAPLOG_ON_ALL,    NOTHING)      \
	X(21, FOREIGN_REGION, foreign_region, "foreign memory",       CAPLOG_ON_NONE,   NOTHING)      \
	X(22, SERVICE,        service,        "announced service",    CAPLOG_ON_ALL,    NOTHING)      \
	X(23, PEER,           peer,           "session at a sibling", CAPLOG_ON_GENODE, NOTHING)      \
	X(24, SHARED_REGION,  shared_region,  "shared region",        CAPLOG_ON_ALL,    NOTHING)      \
	X(25, NATIVE_CPU,     native_cpu,     "native CPU",           CAPLOG_ON_GENODE, NOTHING)      \
	X(26, THREAD_OBJECT,  thread_object,  "thread object",        CAPLOG_ON_GENODE, NOTHING)

/*
 * The words of a kind's line, 32 bytes at most: type, name, offset, meaning
 */
#define CAPLOG_NO_WORDS(F) \
	F(uint64_t, reserved, 0, "0")
#define CAPLOG_WORDS_SESSION(F) \
	F(uint64_t, client, 0, "number that the component gave to the session, 0: sessions have none")

#define CAPLOG_WORDS_UNKNOWN(F) CAPLOG_NO_WORDS(F)
#define CAPLOG_WORDS_GATE(F) \
	F(uint64_t, entrypoint, 0, "slot of the entrypoint's thread")
#define CAPLOG_WORDS_PARENT(F) \
	F(uint64_t, raw,       0,  "address of the component's raw parent capability, 0: none") \
	F(uint32_t, sessions,  8,  "id of the signal context for news of sessions, 0: none") \
	F(uint32_t, heartbeat, 12, "id of the signal context for heartbeats, 0: none")
#define CAPLOG_WORDS_PD(F)  CAPLOG_NO_WORDS(F)
#define CAPLOG_WORDS_CPU(F) CAPLOG_NO_WORDS(F)
#define CAPLOG_WORDS_RAM(F) CAPLOG_NO_WORDS(F)
#define CAPLOG_WORDS_REGION_MAP(F) \
	F(uint64_t, map, 0, "enum caplog_map")
#define CAPLOG_WORDS_REGION_MAP_DS(F) \
	F(uint64_t, map, 0, "enum caplog_map: the region map that it stands for")
#define CAPLOG_WORDS_DATASPACE(F) \
	F(uint64_t, size,   0, "bytes, whole pages") \
	F(uint64_t, cached, 8, "cache attribute, as the platform numbers it")
#define CAPLOG_WORDS_LOG_DS(F) \
	F(uint64_t, size, 0, "bytes, whole pages")
#define CAPLOG_WORDS_TRACE_DS(F)  CAPLOG_NO_WORDS(F)
#define CAPLOG_WORDS_BINARY_DS(F) CAPLOG_NO_WORDS(F) /* name: the ROM module */
#define CAPLOG_WORDS_ROM(F)       CAPLOG_WORDS_SESSION(F) /* name: the ROM module */
#define CAPLOG_WORDS_ROM_DS(F) \
	F(uint64_t, session, 0, "id of the ROM session's line, 0: module config of the configuration")
#define CAPLOG_WORDS_LOG(F)    CAPLOG_WORDS_SESSION(F)
#define CAPLOG_WORDS_TIMER(F)  CAPLOG_WORDS_SESSION(F)
#define CAPLOG_WORDS_SOURCE(F) CAPLOG_NO_WORDS(F)
#define CAPLOG_WORDS_SEMAPHORE(F) \
	F(uint64_t, source, 0, "id of the signal source's line")
#define CAPLOG_WORDS_CONTEXT(F) \
	F(uint64_t, imprint, 0, "what its signals carry") \
	F(uint64_t, source,  8, "id of the signal source's line")
#define CAPLOG_WORDS_THREAD(F) \
	F(uint64_t, slot, 0, "of its gate")
#define CAPLOG_WORDS_REGION(F) \
	F(uint64_t, address,    0,  "in its region map") \
	F(uint64_t, size,       8,  "bytes, whole pages") \
	F(uint64_t, offset,     16, "in the dataspace") \
	F(uint32_t, dataspace,  24, "id of the dataspace's line") \
	F(uint16_t, map,        28, "enum caplog_map: where it is attached") \
	F(uint16_t, executable, 30, "1: code may run in it")
#define CAPLOG_WORDS_FOREIGN_REGION(F) \
	F(uint64_t, address,    0,  "in its region map") \
	F(uint64_t, size,       8,  "bytes, whole pages") \
	F(uint64_t, offset,     16, "in the dataspace") \
	F(uint32_t, badge,      24, "of the dataspace's capability, 0: not known") \
	F(uint16_t, map,        28, "enum caplog_map: where it is attached") \
	F(uint16_t, executable, 30, "1: code may run in it")
#define CAPLOG_WORDS_SERVICE(F) /* name: of the service */ \
	F(uint64_t, gate, 0, "id of the root's line, an RPC object")
#define CAPLOG_WORDS_PEER(F) /* name: of the service */ \
	F(uint32_t, server,   0,  "index of the sibling in the group") \
	F(uint32_t, session,  4,  "id of the session's RPC object in the sibling's ledger, 0: none") \
	F(uint32_t, badge,    8,  "of the session's capability now") \
	F(uint32_t, reserved, 12, "0") \
	F(uint64_t, quota,    16, "bytes that the component gave to the session")
#define CAPLOG_WORDS_SHARED_REGION(F) /* of a sibling's RAM dataspace */ \
	F(uint64_t, address,    0,  "in its region map") \
	F(uint64_t, size,       8,  "bytes, whole pages") \
	F(uint64_t, offset,     16, "in the dataspace") \
	F(uint32_t, dataspace,  24, "id of the dataspace's line in the owner's ledger") \
	F(uint8_t,  owner,      28, "index of the sibling in the group") \
	F(uint8_t,  map,        29, "enum caplog_map: where it is attached") \
	F(uint16_t, executable, 30, "1: code may run in it")

#define CAPLOG_WORDS_NATIVE_CPU(F) CAPLOG_NO_WORDS(F)
#define CAPLOG_WORDS_THREAD_OBJECT(F) \
	F(uint64_t, slot, 0, "of the thread's gate")

enum caplog_object_kind_number {
#define X(number, id, member, name, platforms, carries) CAPLOG_OBJECT_##id = number,
	CAPLOG_OBJECT_KINDS(X)
#undef X
};

#define CAPLOG_OBJECT_NUMBERS 64u /* kind numbers are below; a raise needs no other change */

/* struct caplog_words_REGION ...: the words of one kind */
#define CAPLOG_WORD_MEMBER(type, field, at, meaning) type field;
#define X(number, id, member, name, platforms, carries) \
	struct caplog_words_##id { CAPLOG_WORDS_##id(CAPLOG_WORD_MEMBER) };
CAPLOG_OBJECT_KINDS(X)
#undef X

/* The words of a line, by kind. `word` is for copying them as they are. */
union caplog_words {
	uint64_t word[4];
#define X(number, id, member, name, platforms, carries) struct caplog_words_##id member;
	CAPLOG_OBJECT_KINDS(X)
#undef X
};

#define X(number, id, member, name, platforms, carries) \
	CAPLOG_ASSERT(number < CAPLOG_OBJECT_NUMBERS, "kind " #id " is below the bound");
CAPLOG_OBJECT_KINDS(X)
#undef X
CAPLOG_ASSERT(sizeof(union caplog_words) == 32, "a line has 32 bytes of words");

/* Each word lies where the list says: it is part of the image format */
#define CAPLOG_WORD_AT(type, field, at, meaning) \
	CAPLOG_ASSERT(offsetof(words, field) == at && sizeof(type) + at <= 32, #field " at " #at);
#define X(number, id, member, name, platforms, carries) \
	static inline void caplog_words_at_##id(void) \
	{ \
		typedef struct caplog_words_##id words; \
		CAPLOG_WORDS_##id(CAPLOG_WORD_AT) \
	}
CAPLOG_OBJECT_KINDS(X)
#undef X

/* For messages, tools and tests: what the list says of a kind */
struct caplog_word {
	const char *name, *meaning;
	uint32_t    offset, bytes;
};

struct caplog_object_kind {
	uint32_t    number;
	uint32_t    platforms;  /* CAPLOG_ON_* */
	uint32_t    carries;    /* enum caplog_carries */
	uint32_t    words;
	const char *id, *name;
	const struct caplog_word *word;
};

/* NULL: no kind has this number */
const struct caplog_object_kind *caplog_object_kind(uint32_t number);

/* The n-th kind of the list; NULL: no more */
const struct caplog_object_kind *caplog_object_kind_at(uint32_t n);

/* Can an object of this kind be recreated on the platform? 1, 0 */
int caplog_kind_on(uint32_t number, enum caplog_platform_number platform);

/* enum caplog_carries; NOTHING for a number without kind */
enum caplog_carries caplog_kind_carries(uint32_t number);

/* Name of a platform; NULL for a number without one */
const char *caplog_platform_name(uint32_t number);

#ifdef __cplusplus
}
#endif

#endif
