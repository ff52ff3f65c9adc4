line1
%{ if }
