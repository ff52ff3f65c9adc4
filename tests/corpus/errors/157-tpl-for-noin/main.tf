output "x" {
  value = <<T
%{ for x [1] }
%{ endfor }
T
}
