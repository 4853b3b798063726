# SPDX-License-Identifier: BSD-2-Clause
#
# Run the commands of a page and compare what they print: see tests/tutorial.sh
#
#	run.pl PAGE WORK HOME
#
# Prints the number of commands, or each that prints something else; with
# FIRST_ONLY=1 in the environment, the first.
use strict;

my ($page, $work, $home) = @ARGV;
my (@commands, $skip, $open, $in_block, $continues);

open my $in, "<", $page or die "$page: $!\n";
while (<$in>) {
	chomp;
	if (/^<!-- not run: .+ -->$/) { $skip = 1; $in_block = 0; next }
	if (/^    (.*)/) {
		my $line = $1;
		$in_block = 1;
		next if $skip;
		if ($continues) { $commands[-1][1] .= "\n$line" }
		elsif ($line =~ /^\$ (.*)/) { push @commands, [$., $1, []]; $open = 1 }
		elsif ($open) { $line =~ s{/home/me}{$home}g; push @{$commands[-1][2]}, $line }
		$continues = $open && $line =~ /\\$/;
	} elsif (/\S/) {
		$skip = 0 if $in_block;
		$in_block = $open = $continues = 0;
	} elsif (!$skip && $open) {
		# an empty line within an output, unless a paragraph follows
		push @{$commands[-1][2]}, "";
	}
}
for (@commands) {
	my $expected = $_->[2];
	pop @$expected while @$expected && $expected->[-1] eq "";
}
die "$page: no command found\n" unless @commands;

# Do these lines stand at this place?
sub stands_at {
	my ($lines, $at, $wanted) = @_;
	return 0 if $at + @$wanted > @$lines;
	for my $i (0 .. $#$wanted) {
		my $pattern = join ".*", map { quotemeta } split /\.\.\./, $wanted->[$i], -1;
		return 0 unless $lines->[$at + $i] =~ /^$pattern$/;
	}
	return 1;
}

# The first place for each run of lines between "..." is as good as any
sub matches {
	my ($lines, $expected) = @_;
	my @runs = ([]);
	for (@$expected) {
		if ($_ eq "...") { push @runs, [] } else { push @{$runs[-1]}, $_ }
	}
	my $at = 0;
	for my $i (0 .. $#runs) {
		my $run = $runs[$i];
		my $last = $i == $#runs;
		my $from = $last ? @$lines - @$run : $at;
		return 0 if $from < $at || ($last && !$i && $from != 0);
		$from++ while $i && !$last && $from <= @$lines && !stands_at($lines, $from, $run);
		return 0 unless stands_at($lines, $from, $run);
		$at = $from + @$run;
	}
	return 1;
}

my ($directory, $failed) = ("$home/tutorial", 0);
for (@commands) {
	my ($line, $command, $expected) = @$_;
	my $status = 0;
	$status = $1, pop @$expected if @$expected && $expected->[-1] =~ /^\[status (\d+)\]$/;
	open my $script, ">", "$work/command" or die;
	print $script "cd '$directory' || exit\n$command\nstatus=\$?\npwd >'$work/directory'\nexit \$status\n";
	close $script;
	unlink "$work/directory";
	my $output = qx{sh '$work/command' 2>&1 </dev/null};
	my $got = $? >> 8;
	if (open my $in, "<", "$work/directory") { chomp($directory = <$in>) }
	$output =~ s/\e\[[0-9;?]*[A-Za-z]//g;
	my @lines = map { s/\r+$//r } split /\n/, $output, -1;
	pop @lines if @lines && $lines[-1] eq "";
	next if $got == $status && matches(\@lines, $expected);
	$failed = 1;
	splice @lines, 40, @lines - 80, "[...]" if @lines > 80;
	print STDERR "$page:$line: `$command` has status $got (expected $status) and prints\n",
		map { "$_\n" } @lines;
	last if $ENV{FIRST_ONLY};
}
print scalar @commands, "\n" unless $failed;
exit $failed;
