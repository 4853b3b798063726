/* SPDX-License-Identifier: BSD-2-Clause */
/* min and max are in util/string.h */
#include <util/string.h>
