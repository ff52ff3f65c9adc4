output "x" {
  value = <<T
a
${1 2}
T
}
