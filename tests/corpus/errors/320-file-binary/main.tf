output "o" {
  value = jsondecode(file("main.tf"))
}
