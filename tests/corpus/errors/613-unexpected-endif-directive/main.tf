output "a" {
  value = <<EOT
%{ for x in [1] }
%{ endif }
EOT
}
