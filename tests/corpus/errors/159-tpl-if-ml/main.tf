output "x" {
  value = <<T
a
%{ if 1 == }
%{ endif }
T
}
