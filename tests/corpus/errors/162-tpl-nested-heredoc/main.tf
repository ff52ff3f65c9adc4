output "x" {
  value = <<T
${upper(<<U
abc
U
, 1)}
T
}
