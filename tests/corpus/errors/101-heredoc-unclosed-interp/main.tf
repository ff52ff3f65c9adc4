output "x" {
  value = <<EOT
a ${1
EOT
}
output "y" {
  value = 1
}
