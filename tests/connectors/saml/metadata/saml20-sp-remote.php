<?php
$metadata['urn:estate:source'] = [
  'AssertionConsumerService' => getenv('SP_URL') . '/mellon/postResponse',
  'SingleLogoutService' => getenv('SP_URL') . '/mellon/logout',
  'saml20.sign.assertion' => true, 'assertion.lifetime' => 120,
];
