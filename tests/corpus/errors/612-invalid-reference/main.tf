output "a" {
  value = <<-EOT
    hello ${name}
  EOT
}
