# SPDX-License-Identifier: BSD-2-Clause
#
# The overlay as a Genode repository: docs/genode.md
#
GENODE_REPO ?= $(BUILD)/genode-repo
GENODE_DIR  ?=
BUILD_DIR   ?=

.PHONY: genode-repo genode-check

genode-repo:
	@base-foc-patch/genode-repo . "$(GENODE_REPO)"

genode-check: genode-repo
	@base-foc-patch/genode-check "$(GENODE_REPO)" "$(GENODE_DIR)" "$(BUILD_DIR)"
