output "x" {
  value = <<T
\q
T
}
output "y" {
  value = nope
}
