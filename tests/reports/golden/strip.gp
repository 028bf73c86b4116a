# `gnuplot strip.gp`, run in this folder, draws strip.svg and strip.png from the data beside it.
# `gnuplot -e "devices = 'pdf'" strip.gp` draws strip.pdf.
if (!exists('devices')) devices = 'svg png'
reset
set encoding utf8
set lmargin at screen 0.12
set rmargin at screen 0.97
set tmargin at screen 0.925
set bmargin at screen 0.2875
set border 0
set grid linetype 1 linewidth 1 linecolor rgb '#dde1e6'
set bars 0
unset key
set xrange [0.3:0.7]
set xtics 0.3,0.1,0.7 nomirror scale 0 textcolor rgb '#52606d'
set format x '%.1f'
set label 'mIoU without background (test split)' at screen 0.97,0.05 right textcolor rgb '#52606d'
set yrange [3.5:0.5]
unset ytics
set grid noytics
set label 'full' at screen 0.095,0.81875 right textcolor rgb '#1f2933'
set label 'medium' at screen 0.095,0.60625 right textcolor rgb '#1f2933'
set label 'small' at screen 0.095,0.39375 right textcolor rgb '#1f2933'
do for [device in devices] {
  if (device eq 'svg') {
    set terminal svg size 560,160 noenhanced font 'sans-serif,13'
    set output 'strip.svg'
  }
  if (device eq 'pdf') {
    set terminal pdfcairo size 5.83333in,1.66667in noenhanced font 'sans-serif,9.75'
    set output 'strip.pdf'
  }
  if (device eq 'png') {
    set terminal pngcairo size 1680,480 noenhanced font 'sans-serif,9.75' fontscale 3 linewidth 3 pointscale 3
    set output 'strip.png'
  }
  plot 'strip.dat' index 1 using 3:1:($4-$3):(0) with vectors nohead linewidth 2.5 linecolor rgb '#1f2933', \
       'strip.dat' index 0 using 2:($1+$3) with points pointtype 7 pointsize 0.75 linecolor rgb '#0072b2', \
       'strip.dat' index 1 using 2:($1-0.3):(0):(0.6) with vectors nohead linewidth 2.5 linecolor rgb '#1f2933'
}
unset output
