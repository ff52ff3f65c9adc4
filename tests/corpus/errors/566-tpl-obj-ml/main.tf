locals {
  a = <<EOT
line
x ${{ a = 1 }}
EOT
}
