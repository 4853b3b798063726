# SPDX-License-Identifier: BSD-2-Clause
# gnuplot -e "data='DIR'; out='DIR'" plots.gp
set terminal svg size 720,480 font "sans-serif,13" background "white"
set logscale xy
set grid xtics ytics lc rgb "#dddddd"
set key below
set ylabel "microseconds"
set format x "10^{%T}"
set format y "10^{%T}"
set style data linespoints

set output out . "/growth-capabilities.svg"
set title "Cost by number of capabilities"
set xlabel "capabilities"
set xrange [10:5000]
plot data . "/capabilities.dat" using 1:4 title "whole restore, memory within" lw 2, \
     "" using 1:3 title "execute" lw 2, \
     "" using 1:2 title "plan" lw 2, \
     "" using 1:5 title "first checkpoint" lw 2, \
     "" using 1:6 title "checkpoint after 100 events" lw 2

set output out . "/growth-events.svg"
set title "Cost by number of events since the last time"
set xlabel "events"
set xrange [10:1e7]
plot data . "/events.dat" using 1:2 title "fold, from the log's bytes" lw 2, \
     "" using 1:3 title "checkpoint, 4000 capabilities, 64 KiB log" lw 2
