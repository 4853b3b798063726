/* SPDX-License-Identifier: BSD-2-Clause */
/* Completion files for shells, from the tables of commands and options */
#include <string.h>

#include "tool.h"

/* The values that an option can be completed with, by blanks */
static void print_words(const struct tool_option *o)
{
	size_t count;
	const struct caplog_flavour *f = caplog_flavours(&count);

	if (strcmp(o->words, TOOL_FLAVOUR)) {
		fputs(o->words, stdout);
		return;
	}
	for (size_t i = 0; i < count; i++)
		printf("%s%.*s", i ? " " : "", (int)sizeof f[i].name, f[i].name);
}

static int takes_file(const struct tool_option *o)
{
	return o->words && !strcmp(o->words, TOOL_FILE);
}

/* Text between single quotes of a shell */
static void print_quoted(const char *text)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*text);
}

/* Call f for each option of a command, the input's as well */
static void each_option(const struct tool_command *c,
                        void (*f)(const struct tool_command *, const struct tool_option *))
{
	for (const struct tool_option *o = c->options; o && o->name; o++)
		f(c, o);
	for (const struct tool_option *o = tool_input_options; o->name; o++)
		f(c, o);
}


/*
 * bash
 */

static void bash_option(const struct tool_command *c, const struct tool_option *o)
{
	(void)c;
	if (o->id < OPTION_UNSEALED)
		printf(" -%c", o->id);
	printf(" --%s", o->name);
}

static void bash_value(const struct tool_command *c, const struct tool_option *o)
{
	if (!o->value)
		return;
	printf("\t\t%s:--%s", c->name, o->name);
	if (o->id < OPTION_UNSEALED)
		printf("|%s:-%c", c->name, o->id);
	printf(") ");
	if (takes_file(o)) {
		printf("_caplog_files;");
	} else if (o->words) {
		printf("COMPREPLY=($(compgen -W '");
		print_words(o);
		printf("' -- \"$word\"));");
	}
	printf(" return ;;\n");
}

static void bash(void)
{
	/* bash makes a word of its own of the "=" in --kind=rpc; files may have blanks */
	printf("# caplog(1) completion for bash\n\n"
	       "_caplog_files()\n{\n\tlocal IFS=$'\\n'\n\n"
	       "\tCOMPREPLY=($(compgen -f -- \"$word\"))\n"
	       "\tcompopt -o filenames 2>/dev/null\n}\n\n_caplog()\n{\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
	       "\tlocal command=${COMP_WORDS[1]}\n\n"
	       "\tif [ \"$word\" = = ]; then\n\t\tword=\n"
	       "\telif [ \"$before\" = = ]; then\n\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n\tfi\n"
	       "\tif [ \"$COMP_CWORD\" = 1 ] || { [ \"$COMP_CWORD\" = 2 ] && [ \"$command\" = help ]; "
	       "}; then\n\t\tCOMPREPLY=($(compgen -W '");
	for (unsigned i = 0; tool_commands[i]; i++)
		printf("%s ", tool_commands[i]->name);
	printf("help completion --help --version -V' -- \"$word\"))\n\t\treturn\n\tfi\n"
	       "\tcase $command:$before in\n\t\tcompletion:completion) "
	       "COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$word\")); return ;;\n");
	for (unsigned i = 0; tool_commands[i]; i++)
		each_option(tool_commands[i], bash_value);
	printf("\tesac\n\tcase $word in -*) case $command in\n");
	for (unsigned i = 0; tool_commands[i]; i++) {
		printf("\t\t%s) COMPREPLY=($(compgen -W '", tool_commands[i]->name);
		each_option(tool_commands[i], bash_option);
		printf("' -- \"$word\")) ;;\n");
	}
	printf("\tesac; return ;;\n\tesac\n\t_caplog_files\n}\n\ncomplete -F _caplog caplog\n");
}


/*
 * zsh
 */

static void zsh_spec(const struct tool_option *o)
{
	putchar('[');
	for (const char *c = o->help; *c; c++) {
		if (*c == '\'')
			fputs("'\\''", stdout);
		else
			printf("%s%c", strchr("[]:\\", *c) ? "\\" : "", *c);
	}
	putchar(']');
	if (!o->value)
		return;
	printf(":%s:", o->value);
	if (takes_file(o)) {
		printf("_files");
	} else if (o->words) {
		putchar('(');
		print_words(o);
		putchar(')');
	}
}

static void zsh_option(const struct tool_command *c, const struct tool_option *o)
{
	(void)c;
	if (o->id < OPTION_UNSEALED) {
		printf(" \\\n\t\t\t'-%c", o->id);
		zsh_spec(o);
		putchar('\'');
	}
	printf(" \\\n\t\t\t'--%s", o->name);
	zsh_spec(o);
	putchar('\'');
}

static void zsh(void)
{
	printf("#compdef caplog\n# caplog(1) completion for zsh\n\n_caplog()\n{\n"
	       "\tlocal -a commands\n\tcommands=(\n");
	for (unsigned i = 0; tool_commands[i]; i++) {
		printf("\t\t'%s:", tool_commands[i]->name);
		print_quoted(tool_commands[i]->summary);
		printf("'\n");
	}
	printf("\t\t'help:print the options of a command'\n"
	       "\t\t'completion:print a completion file for a shell'\n\t)\n"
	       "\tif (( CURRENT == 2 )); then\n"
	       "\t\t_describe command commands\n"
	       "\t\t_arguments '(- *)'{-V,--version}'[print the version]' "
	       "'(- *)'{-h,--help}'[list the commands]'\n"
	       "\t\treturn\n\tfi\n"
	       "\tlocal command=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $command in\n");
	for (unsigned i = 0; tool_commands[i]; i++) {
		printf("\t\t%s)\n\t\t\t_arguments", tool_commands[i]->name);
		each_option(tool_commands[i], zsh_option);
		printf(" \\\n\t\t\t'*:file:_files' ;;\n");
	}
	printf("\t\thelp) _describe command commands ;;\n"
	       "\t\tcompletion) _values shell bash zsh fish ;;\n"
	       "\tesac\n}\n\n_caplog \"$@\"\n");
}


/*
 * fish
 */

static void fish_option(const struct tool_command *c, const struct tool_option *o)
{
	printf("complete -c caplog -n '__fish_seen_subcommand_from %s'", c->name);
	if (o->id < OPTION_UNSEALED)
		printf(" -s %c", o->id);
	printf(" -l %s", o->name);
	if (o->value)
		printf(takes_file(o) ? " -r -F" : " -x");
	if (o->value && o->words && !takes_file(o)) {
		printf(" -a '");
		print_words(o);
		putchar('\'');
	}
	printf(" -d \"");
	for (const char *t = o->help; *t; t++)
		printf("%s%c", strchr("\"\\$", *t) ? "\\" : "", *t);
	printf("\"\n");
}

static void fish(void)
{
	printf("# caplog(1) completion for fish\n");
	printf("complete -c caplog -n __fish_use_subcommand -s V -l version -d 'print the version'\n"
	       "complete -c caplog -n __fish_use_subcommand -s h -l help -d 'list the commands'\n"
	       "complete -c caplog -n __fish_use_subcommand -f -a help "
	       "-d 'print the options of a command'\n"
	       "complete -c caplog -n __fish_use_subcommand -f -a completion "
	       "-d 'print a completion file for a shell'\n"
	       "complete -c caplog -n '__fish_seen_subcommand_from completion' -f "
	       "-a 'bash zsh fish'\n");
	for (unsigned i = 0; tool_commands[i]; i++) {
		const struct tool_command *c = tool_commands[i];

		printf("complete -c caplog -n __fish_use_subcommand -f -a %s -d \"%s\"\n", c->name,
		       c->summary);
		printf("complete -c caplog -n '__fish_seen_subcommand_from help' -f -a %s\n", c->name);
		each_option(c, fish_option);
	}
}

int print_completion(const char *shell)
{
	static const struct { const char *name; void (*print)(void); } shells[] = {
		{ "bash", bash }, { "zsh", zsh }, { "fish", fish },
	};

	for (unsigned i = 0; i < sizeof shells / sizeof shells[0]; i++)
		if (!strcmp(shell, shells[i].name)) {
			shells[i].print();
			return tool_finish(TOOL_OK);
		}
	return tool_error("completion: name the shell: bash, zsh or fish");
}
