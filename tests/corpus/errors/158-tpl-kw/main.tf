output "x" {
  value = <<T
a
%{ iff true }
%{ endif }
T
}
