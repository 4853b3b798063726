# SPDX-License-Identifier: BSD-2-Clause
#
# Install, uninstall, and the Debian packages
#
# `uninstall` removes each file that `install` puts there, and the directories
# that only these files need. Give both the same variables.
#
BINDIR  ?= $(PREFIX)/bin
LIBDIR  ?= $(PREFIX)/lib
INCDIR  ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR  ?= $(DATADIR)/man
DOCDIR  ?= $(DATADIR)/doc/caplog
BASHDIR ?= $(DATADIR)/bash-completion/completions
ZSHDIR  ?= $(DATADIR)/zsh/site-functions
FISHDIR ?= $(DATADIR)/fish/vendor_completions.d

# The shared library: its name has the major number of what it offers, and it
# offers what begins with caplog_
SONAME     := libcaplog.so.1
SHARED     := $(BUILD)/libcaplog.so.$(VERSION)
ENGINE_LIB := $(BUILD)/libcaplog-engine.a
PC         := $(BUILD)/caplog.pc $(BUILD)/caplog-engine.pc
ENGINE_HEADERS := $(addprefix monitor/engine/,engine.h platform.h image.h kinds.h ledger.h regions.h stand.h)
COMPLETION := $(addprefix $(BUILD)/completion/,bash zsh fish)

pic = $(patsubst %.c,$(BUILD)/pic/%.o,$(1))

$(foreach l,$(LAYERS),$(eval $(BUILD)/pic/lib/caplog/$(l)/%.o: INC = $$(INC_$(l))))

$(BUILD)/pic/%.o: %.c Makefile | $(BUILD)/has/xxhash.h
	@mkdir -p $(@D)
	@echo "  PIC   $<"
	$(Q)$(CC) $(COMPILE) -fPIC -fno-semantic-interposition -c -o $@ $<

$(SHARED): $(call pic,$(CORE_SRC) $(HOST_SRC)) packaging/libcaplog.map
	@echo "  LD    $@"
	$(Q)$(LINK) -shared -Wl,-soname,$(SONAME) -Wl,--version-script,packaging/libcaplog.map \
		-Wl,-z,defs -o $@ $(filter %.o,$^)

$(ENGINE_LIB): $(call obj,$(ENGINE_SRC))
	$(Q)rm -f $@
	@echo "  AR    $@"
	$(Q)$(AR) rcs $@ $^

$(COMPLETION): $(BUILD)/completion/%: $(TOOL)
	@mkdir -p $(@D)
	$(Q)$(TOOL) completion $* >$@.new
	$(Q)mv $@.new $@

# For pkg-config, in whose values a space is written with a backslash
pc_escape = $$(printf '%s' "$(1)" | sed 's/ /\\ /g')
pc_common = "prefix=$(call pc_escape,$(PREFIX))" "includedir=$(call pc_escape,$(INCDIR))" \
            "libdir=$(call pc_escape,$(LIBDIR))" ''

$(BUILD)/caplog.pc: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(pc_common) 'Name: caplog' \
		'Description: capability logs of Genode components: write, read, restore' \
		'Version: $(VERSION)' 'Cflags: -I$${includedir}' 'Libs: -L$${libdir} -lcaplog' >$@

$(BUILD)/caplog-engine.pc: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(pc_common) 'Name: caplog-engine' \
		'Description: checkpoint and restore of groups of Genode components' \
		'Version: $(VERSION)' 'Requires: caplog' \
		'Cflags: -I$${includedir}' 'Libs: -L$${libdir} -lcaplog-engine' >$@

DOCS       := README.md CHANGELOG.md LICENSE $(wildcard docs/*.md docs/*.svg docs/*.json)
EXAMPLES_C := $(wildcard examples/*.c)
MAN        := $(wildcard man/*.[1-9])
man_of      = $(filter %.$(1),$(MAN))
SECTIONS   := $(sort $(patsubst .%,%,$(suffix $(MAN))))

.PHONY: installable uninstall deb check-install check-bare

installable: build $(SHARED) $(ENGINE_LIB) $(PC) $(COMPLETION)

install:
	$(SUBMAKE) installable
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(LIBDIR)/pkgconfig" "$(DESTDIR)$(INCDIR)/caplog" \
		$(foreach s,$(SECTIONS),"$(DESTDIR)$(MANDIR)/man$(s)") "$(DESTDIR)$(DOCDIR)/examples" \
		"$(DESTDIR)$(BASHDIR)" "$(DESTDIR)$(ZSHDIR)" "$(DESTDIR)$(FISHDIR)"
	install -m 755 $(TOOL) "$(DESTDIR)$(BINDIR)/"
	install -m 644 $(LIB) $(ENGINE_LIB) $(SHARED) "$(DESTDIR)$(LIBDIR)/"
	ln -sf $(notdir $(SHARED)) "$(DESTDIR)$(LIBDIR)/$(SONAME)"
	ln -sf $(SONAME) "$(DESTDIR)$(LIBDIR)/libcaplog.so"
	install -m 644 $(PC) "$(DESTDIR)$(LIBDIR)/pkgconfig/"
	install -m 644 $(LIB_HEADERS) $(ENGINE_HEADERS) "$(DESTDIR)$(INCDIR)/caplog/"
	$(foreach s,$(SECTIONS),install -m 644 $(call man_of,$(s)) "$(DESTDIR)$(MANDIR)/man$(s)/" &&) :
	install -m 644 $(DOCS) "$(DESTDIR)$(DOCDIR)/"
	install -m 644 $(EXAMPLES_C) "$(DESTDIR)$(DOCDIR)/examples/"
	install -m 644 $(BUILD)/completion/bash "$(DESTDIR)$(BASHDIR)/caplog"
	install -m 644 $(BUILD)/completion/zsh "$(DESTDIR)$(ZSHDIR)/_caplog"
	install -m 644 $(BUILD)/completion/fish "$(DESTDIR)$(FISHDIR)/caplog.fish"

# Files of a directory, which need not be there: (directory,names)
remove = [ ! -d "$(DESTDIR)$(1)" ] || (cd "$(DESTDIR)$(1)" && rm -f $(2))

# Directories that a system without caplog may lack; those with other files stay
uninstall:
	$(call remove,$(BINDIR),$(notdir $(TOOL)))
	$(call remove,$(LIBDIR),$(notdir $(LIB) $(ENGINE_LIB) $(SHARED)) $(SONAME) libcaplog.so \
		$(addprefix pkgconfig/,$(notdir $(PC))))
	$(call remove,$(INCDIR)/caplog,$(notdir $(LIB_HEADERS) $(ENGINE_HEADERS)))
	$(foreach s,$(SECTIONS),{ $(call remove,$(MANDIR)/man$(s),$(notdir $(call man_of,$(s)))); } &&) :
	$(call remove,$(DOCDIR),$(notdir $(DOCS)) $(EXAMPLES_C))
	rm -f "$(DESTDIR)$(BASHDIR)/caplog" "$(DESTDIR)$(ZSHDIR)/_caplog" "$(DESTDIR)$(FISHDIR)/caplog.fish"
	for d in "$(INCDIR)/caplog" "$(DOCDIR)/examples" "$(DOCDIR)" "$(LIBDIR)/pkgconfig" "$(BASHDIR)" \
		"$(ZSHDIR)" "$(FISHDIR)" $(foreach s,$(SECTIONS),"$(MANDIR)/man$(s)"); do \
		[ ! -d "$(DESTDIR)$$d" ] || rmdir --ignore-fail-on-non-empty "$(DESTDIR)$$d" || exit 1; \
	done

# A place of its own: what is installed builds the examples, runs, and goes away
check-install: installable
	@$(TEST_ENV) packaging/check-install.sh "$(BUILD)/install"


#
# Debian packages: libcaplog1, libcaplog-dev, caplog in $(BUILD)/deb
#
packages_deb        := debhelper dpkg-dev fakeroot lintian pkg-config
packages_check-bare := $(packages_deb) mmdebstrap
packages_check      += pkg-config

DEB := $(BUILD)/deb

deb:
	@command -v dh >/dev/null && command -v lintian >/dev/null || \
		{ echo "make deb needs packages that are missing: make deps deb" >&2; exit 1; }
	@packaging/deb.sh "$(DEB)" $(VERSION)

# In a bare Debian system: install the packages, build and run the examples, remove them
check-bare: deb
	@command -v mmdebstrap >/dev/null || \
		{ echo "make check-bare needs the package mmdebstrap: make deps check-bare" >&2; exit 1; }
	@packaging/check-bare.sh "$(DEB)" "$(BUILD)/bare"
